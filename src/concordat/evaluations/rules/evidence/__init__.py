"""What a finding is worth: effect sizes, power, pooling, and ratings as checklists."""
