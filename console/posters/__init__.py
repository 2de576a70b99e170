"""Posters for staff to make and print, and the page on which people subscribe."""
