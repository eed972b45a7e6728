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
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pooler in transaction mode before one server, after the manner of PgBouncer's: a client has a session of the server's
 * only while it is in a transaction. Each client logs in over a session of its own; those of the first two then belong to
 * all. A session is given back before its client reads the end of the transaction, so that nothing depends on who is
 * faster.
 */
final class TransactionPooler implements Closeable {

  private static final int SSL_REQUEST = 80_877_103;
  private static final int SESSIONS = 2;

  /** Which of the free sessions is given out. */
  enum Order {
    /** The one that was given back last. */
    LAST,
    /** The one that was given back first: PgBouncer's {@code server_round_robin}. */
    IN_TURN
  }

  private final ServerSocket listener;
  private final int serverPort;
  private final Order order;
  private final BlockingDeque<Wire> idle = new LinkedBlockingDeque<>();
  private final AtomicInteger logins = new AtomicInteger();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  private TransactionPooler(ServerSocket listener, int serverPort, Order order) {
    this.listener = listener;
    this.serverPort = serverPort;
    this.order = order;
  }

  static TransactionPooler before(int serverPort, Order order) throws IOException {
    ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    TransactionPooler pooler = new TransactionPooler(listener, serverPort, order);
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
      logIn(client, opened(new Socket(listener.getInetAddress(), serverPort)));
      while (transaction(client)) {
        // The next one, over whichever session is free then.
      }
    } catch (IOException e) {
      // The client has gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void logIn(Wire client, Socket socket) throws IOException {
    Wire server = Wire.of(socket);
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
      if (answer.isReady()) {
        if (logins.getAndIncrement() < SESSIONS) {
          giveBack(server);
        } else {
          socket.close();
        }
        client.write(answer);
        return;
      }
      client.write(answer);
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
          if (answer.isReady() && answer.isOutsideOfTransaction()) {
            giveBack(server);
            client.write(answer);
            return true;
          }
          client.write(answer);
        } while (!answer.isReady());
      }
      request = client.read();
    }
  }

  private void giveBack(Wire server) {
    if (order == Order.LAST) {
      idle.addFirst(server);
    } else {
      idle.addLast(server);
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
