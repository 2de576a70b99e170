"""The words people read and hear: gettext catalogues and the registry of languages."""
