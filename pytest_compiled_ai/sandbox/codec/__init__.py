"""The language of the oracle and the worker: data as tagged JSON, never as pickle."""
