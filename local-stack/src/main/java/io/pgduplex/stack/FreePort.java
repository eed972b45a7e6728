package io.pgduplex.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A port of the loopback interface that no other stack of this user takes until it is released, not even while its server
 * is down. Held by a lock on one byte of a shared file, so that the end of the JVM, however it ends, frees it. Below the range
 * that the system gives to outgoing connections, which would otherwise sit on the port of a server about to restart.
 */
final class FreePort implements AutoCloseable {

  private static final int FIRST = 20_000;
  private static final int LAST = 32_000;
  private static final int ATTEMPTS = 1_000;

  /** Never closed: closing any channel to the file would drop all of this JVM's locks on it. */
  private static @Nullable FileChannel locks;

  private final int number;
  private final FileLock lock;

  private FreePort(int number, FileLock lock) {
    this.number = number;
    this.lock = lock;
  }

  static FreePort reserve() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      FreePort port = tryReserve(ThreadLocalRandom.current().nextInt(FIRST, LAST));
      if (port != null) {
        return port;
      }
    }
    throw new StackException("No free port between " + FIRST + " and " + LAST + " on 127.0.0.1");
  }

  int number() {
    return number;
  }

  @Override
  public void close() {
    try {
      lock.release();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static @Nullable FreePort tryReserve(int number) {
    FileLock lock;
    try {
      lock = locks().tryLock(number, 1, false);
    } catch (OverlappingFileLockException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (lock == null) {
      return null;
    }
    FreePort port = new FreePort(number, lock);
    if (!canBind(number)) {
      port.close();
      return null;
    }
    return port;
  }

  private static boolean canBind(int number) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), number));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static synchronized FileChannel locks() throws IOException {
    FileChannel open = locks;
    if (open == null) {
      Path file = Path.of(
          System.getProperty("java.io.tmpdir"),
          "pgduplex-ports-" + System.getProperty("user.name"));
      open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      locks = open;
    }
    return open;
  }
}
