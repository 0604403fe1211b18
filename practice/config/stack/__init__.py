"""`make run`: one parent for the servers, the web, the workers and the beat. Nothing else imports it but the tests."""
