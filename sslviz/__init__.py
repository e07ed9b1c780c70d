"""sslviz: see self-supervised learning happen."""
