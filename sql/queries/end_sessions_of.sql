delete from session using account
where account.id = session.account_id and lower(account.username) = lower(%(username)s);
