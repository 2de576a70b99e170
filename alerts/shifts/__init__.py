"""Shifts: who is on duty and when, who is asked, who takes over, and what nobody must miss."""
