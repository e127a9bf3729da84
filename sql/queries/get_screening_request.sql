select request from screening_private where screening_id = %(id)s;
