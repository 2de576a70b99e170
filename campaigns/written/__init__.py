"""The campaign file: YAML from a person, read into a draft or into everything that is wrong."""
