"""How well a movement is done, learnt from people's judgements: measured subject by subject, against published figures."""
