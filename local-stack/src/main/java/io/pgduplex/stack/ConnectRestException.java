package io.pgduplex.stack;

/** Connect's REST API answered with something other than success. */
public final class ConnectRestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String body;

  ConnectRestException(String request, int status, String body) {
    super(request + " answered " + status + ": " + body);
    this.status = status;
    this.body = body;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** As it came. */
  public String body() {
    return body;
  }
}
