update account set password_hash = %(password_hash)s where lower(username) = lower(%(username)s);
