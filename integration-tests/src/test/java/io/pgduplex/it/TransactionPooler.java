package io.pgduplex.it;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingDeque;

/**
 * A pooler in transaction mode before one server, after the manner of PgBouncer's: a client has a session of the server's
 * only while it is in a transaction, and the session that was given back last is given out first. Each client logs in over
 * a session of its own, which then belongs to all.
 */
final class TransactionPooler implements Closeable {

  private static final int SSL_REQUEST = 80_877_103;

  private final ServerSocket listener;
  private final int serverPort;
  private final BlockingDeque<Wire> idle = new LinkedBlockingDeque<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  private TransactionPooler(ServerSocket listener, int serverPort) {
    this.listener = listener;
    this.serverPort = serverPort;
  }

  static TransactionPooler before(int serverPort) throws IOException {
    ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    TransactionPooler pooler = new TransactionPooler(listener, serverPort);
    start(pooler::accept);
    return pooler;
  }

  int port() {
    return listener.getLocalPort();
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "pooler");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = opened(listener.accept());
        start(() -> serve(client));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private Socket opened(Socket socket) {
    sockets.add(socket);
    return socket;
  }

  private void serve(Socket socket) {
    try (socket) {
      Wire client = Wire.of(socket);
      Wire server = Wire.of(opened(new Socket(listener.getInetAddress(), serverPort)));
      logIn(client, server);
      idle.push(server);
      while (transaction(client)) {
        // The next one, over whichever session is free then.
      }
    } catch (IOException e) {
      // The client has gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void logIn(Wire client, Wire server) throws IOException {
    byte[] startup = client.readBody();
    while (startup.length == 4) {
      int code = ByteBuffer.wrap(startup).getInt();
      if (code != SSL_REQUEST) {
        throw new IOException("No such request: " + code);
      }
      client.out().write('N');
      client.out().flush();
      startup = client.readBody();
    }
    server.writeBody(startup);
    while (true) {
      Message answer = server.read();
      client.write(answer);
      if (answer.isReady()) {
        return;
      }
      if (answer.asksForPassword()) {
        server.write(client.read());
      }
    }
  }

  /** Over one session of the server's; false once the client leaves. */
  private boolean transaction(Wire client) throws IOException, InterruptedException {
    Message request = client.read();
    if (request.type() == 'X') {
      return false;
    }
    Wire server = idle.take();
    while (true) {
      server.write(request);
      if (request.type() == 'S' || request.type() == 'Q') {
        Message answer;
        do {
          answer = server.read();
          client.write(answer);
        } while (!answer.isReady());
        if (answer.isOutsideOfTransaction()) {
          idle.push(server);
          return true;
        }
      }
      request = client.read();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /** One message of PostgreSQL's protocol after the first. */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares messages.
  private record Message(int type, byte[] body) {

    boolean isReady() {
      return type == 'Z';
    }

    boolean isOutsideOfTransaction() {
      return body[0] == 'I';
    }

    /** Any of the ways to ask for the next step of a login, but for the end of it. */
    boolean asksForPassword() {
      return type == 'R' && body[3] != 0 && body[3] != 12;
    }
  }

  /** One side's connection. */
  private record Wire(DataInputStream in, DataOutputStream out) {

    static Wire of(Socket socket) throws IOException {
      return new Wire(
          new DataInputStream(new BufferedInputStream(socket.getInputStream())),
          new DataOutputStream(new BufferedOutputStream(socket.getOutputStream())));
    }

    Message read() throws IOException {
      return new Message(in.readUnsignedByte(), readBody());
    }

    byte[] readBody() throws IOException {
      return in.readNBytes(in.readInt() - Integer.BYTES);
    }

    void write(Message message) throws IOException {
      out.writeByte(message.type());
      writeBody(message.body());
    }

    void writeBody(byte[] body) throws IOException {
      out.writeInt(body.length + Integer.BYTES);
      out.write(body);
      out.flush();
    }
  }
}
