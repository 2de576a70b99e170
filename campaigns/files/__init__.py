"""The photos, voice notes, papers and videos of campaigns, from the disk to the provider."""
