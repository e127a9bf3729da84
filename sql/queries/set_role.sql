update account set role = %(role)s where lower(username) = lower(%(username)s);
