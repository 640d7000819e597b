"""A daemon that hides no client: what it sends is made beforehand, byte by byte as dockerd sends it.

floor 0   data        what it says: recorded answers, and many more made after them
          http        requests in, prepared bytes out
floor 1   routes      which request gets which answer
floor 2   __main__    the process: ``python -m benchmarks._harness.server SIZE``
"""
