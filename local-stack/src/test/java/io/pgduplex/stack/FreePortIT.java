package io.pgduplex.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class FreePortIT {

  @Test
  void staysReservedUntilClosed() {
    int number;
    try (FreePort port = FreePort.reserve()) {
      number = port.number();
      assertThat(FreePort.tryReserve(number)).isNull();
    }
    try (FreePort again = FreePort.tryReserve(number)) {
      assertThat(again).isNotNull();
    }
  }

  @Test
  void isNotOneThatSomebodyListensOn() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(FreePort.tryReserve(other.getLocalPort())).isNull();
    }
  }
}
