"""Relief money: quotas (指标), accounts in double entry, payments by card and the bank's files."""
