insert into account (id, username, role, password_hash)
values (%(id)s, %(username)s, %(role)s, %(password_hash)s)
on conflict (lower(username)) do nothing
returning id, username, role, password_hash, disabled_at;
