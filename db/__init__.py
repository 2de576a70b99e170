"""Encryption at rest, transactions, engines and migrations: how every table is stored."""
