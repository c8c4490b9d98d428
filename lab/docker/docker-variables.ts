const NEEDED =
  /^(PATH|HOME|DOCKER_\w+|XDG_RUNTIME_DIR|SSH_AUTH_SOCK|SSL_CERT_(FILE|DIR)|(HTTPS?|NO|ALL)_PROXY)$/i;

/**
 * The variables that Docker's programs may see: their paths, their engine, and their proxies. The variables
 * of docker-compose.yml are not among them: a lab sets them itself.
 */
export function dockerVariables(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => NEEDED.test(entry[0]) && entry[1] !== undefined,
    ),
  );
}
