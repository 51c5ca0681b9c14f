"""The data plane's own arithmetic: plain values in, plain values out."""
