"""The time zone that holds where nothing else is known."""

OAXACA = "America/Mexico_City"
