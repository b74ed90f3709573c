// Names of archives. Pure functions.

/** The path that the name of an archive stands for, as in webapps/: a#b.war is /a/b, ROOT.war is /, app##2.war is version 2 of /app. */
export function placeOf(name) {
  const [bare, version = ''] = name.replace(/\.war$/i, '').split('##');
  return { path: bare === 'ROOT' ? '/' : `/${bare.replaceAll('#', '/')}`, version };
}
