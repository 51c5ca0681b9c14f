"""The kernel's own pages: search, organisations, the audit log, notices, jobs, one's account."""
