// Who is logged in, and what the roles allow. The server decides; this only leaves out what it would refuse.

/** The user of this page. */
export const me = { name: '', changes: false, sees: false };

/** Takes what the server says of the session. */
export function become(session) {
  const has = role => session.roles?.includes('manager') || session.roles?.includes(role);
  me.name = session.user;
  me.changes = Boolean(has('manager-gui'));
  me.sees = Boolean(has('manager-gui') || has('manager-script'));
}

/** Nobody is. */
export function forget() {
  Object.assign(me, { name: '', changes: false, sees: false });
}
