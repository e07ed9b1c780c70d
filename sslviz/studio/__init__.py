"""The studio: a process that has torch and draws images for the app's server, which has not."""
