"""A synthetic daemon that does not limit the clients: it sends prepared responses, byte for byte as dockerd does.

layer 0   data        content of the responses: recorded ones, and more derived from them
          http        parsing of requests, sending of prepared bytes
layer 1   routes      the response to each request
layer 2   __main__    the process: ``python -m benchmarks._harness.server SIZE``
"""
