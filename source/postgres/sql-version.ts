/** Picks SQL text by the server's major version, so that one statement serves all of them with the same row shape. */
export type Since = (versionNum: number, then: string, otherwise: string) => string;

/** The `since` of one server: `then` from server_version_num `versionNum` on, `otherwise` before. */
export function sinceVersion(serverVersionNum: number): Since {
  return (versionNum, then, otherwise) => (serverVersionNum >= versionNum ? then : otherwise);
}
