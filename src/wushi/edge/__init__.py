"""Between the outside and the rooms: who acts, may he come in, what a refusal is called. Shared by the faces."""
