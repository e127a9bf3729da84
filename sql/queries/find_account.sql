select id, username, role, password_hash, disabled_at from account where lower(username) = lower(%(username)s);
