"""Third-party files that pages show: what is installed, how, and where it stands afterwards."""
