"""A QuickBooks Online company that runs on loopback.

It keeps one company in memory, speaks the accounting API over HTTP on 127.0.0.1 and knows nothing of any program that
talks to it. Rules carry their source in their docstring: V was read in code or in a recorded answer, P is stated in
vendor documentation or a thread, M is from memory and may differ from the real service.
"""
