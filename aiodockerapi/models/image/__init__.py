"""Models of images: their configuration, origin and manifests, and the results of calls that build or transfer them."""
