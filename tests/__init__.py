"""The tests, mirroring the rooms. Ground of the tests themselves: starting, servers, database, live, browser."""
