"""A small trading platform in Python: one exchange, Postgres, an API and metrics of its own."""
