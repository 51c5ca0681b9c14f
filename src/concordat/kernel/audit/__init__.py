"""Who did what, when: append-only entries, sealed daily in Merkle roots that anyone can check."""
