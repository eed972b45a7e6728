package io.pgduplex.it;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Every type that PostgreSQL ships, and some of users and extensions, with the values at their borders. */
final class TypeCases {

  static final int OLDEST = 14;

  private final List<TypeCase> cases = new ArrayList<>();

  private TypeCases() {}

  /** All of them, those of later servers too. */
  static List<TypeCase> all() {
    TypeCases types = new TypeCases();
    types.numbers();
    types.texts();
    types.times();
    types.documents();
    types.networks();
    types.geometry();
    types.search();
    types.ranges();
    types.identifiers();
    types.ofUsers();
    types.ofExtensions();
    return List.copyOf(types.cases);
  }

  private void numbers() {
    type("smallint").values("-32768", "0", "32767");
    type("integer").values("-2147483648", "0", "2147483647");
    type("bigint").values("-9223372036854775808", "0", "9007199254740993", "9223372036854775807");
    type("numeric")
        .values(
            "0",
            "0.00",
            "-0.5",
            "1.10",
            "1e-16383",
            "NaN",
            "Infinity",
            "-Infinity",
            "123456789012345678901234567890.123456789012345678901234567890")
        .expressions("repeat('9', 131072)::numeric");
    type("numeric(10,2)").values("-99999999.99", "0.00", "1.10", "NaN");
    type("numeric(5,-2)").since(15).values("1234500", "-100");
    type("real")
        .values(
            "0",
            "-0",
            "0.1",
            "3.4028235e38",
            "-3.4028235e38",
            "1e-45",
            "1.17549435e-38",
            "NaN",
            "Infinity",
            "-Infinity");
    type("double precision")
        .values(
            "0",
            "-0",
            "0.1",
            "0.30000000000000004",
            "1.7976931348623157e308",
            "5e-324",
            "2.2250738585072014e-308",
            "NaN",
            "Infinity",
            "-Infinity",
            "9007199254740993");
    type("money").values("-92233720368547758.08", "0", "0.05", "92233720368547758.07");
    type("boolean").values("true", "false");
  }

  private void texts() {
    type("text")
        .values(
            "",
            " ",
            "__debezium_unavailable_value",
            "null",
            "NULL",
            "\\N",
            "\\",
            "\\.",
            "{}",
            "a,b\"c'd",
            "é",
            "e\u0301",
            "😀👩‍👩‍👧",
            "\uFFFD\u200B\u202E")
        .expressions("(SELECT string_agg(chr(g), '') FROM generate_series(1, 159) g)")
        .expressions("E'line\\nline\\r\\ntab\\tend'")
        .expressions("repeat(md5('x'), 40000)");
    type("varchar(5)").values("", "12345", "     ", "😀😀😀😀😀");
    type("varchar").values("", "v ");
    type("char(5)").values("", "a", "a    ", "12345", "é");
    type("bpchar").values("", "a", "a   ");
    type("\"char\"").values("", "a", "~", "\\", "\u007f");
    type("\"char\"").since(16).values("é", "\\200", "\\377");
    type("name").values("", "a").expressions("repeat('n', 63)::name");
    type("bytea")
        .values("", "\\x00", "\\x5c780a0d", "\\xdeadbeef")
        .expressions(
            "(SELECT string_agg(set_byte('\\x00'::bytea, 0, g), '' ORDER BY g) FROM generate_series(0, 255) g)");
    type("bit(1)").values("0", "1");
    type("bit(11)").values("00000000000", "00000000001", "10000000001", "11111111111");
    type("bit varying").values("", "0", "00000000", "1010101010101");
    type("bit varying(9)").values("", "000000001");
  }

  private void times() {
    type("date")
        .values(
            "4713-01-01 BC",
            "0001-12-31 BC",
            "0001-01-01",
            "1582-10-10",
            "1970-01-01",
            "5874897-12-31",
            "infinity",
            "-infinity");
    type("time").values("00:00:00", "23:59:59.999999", "24:00:00", "12:00:00.1");
    type("time(3)").values("12:34:56.789");
    type("timetz")
        .values("00:00:00+15:59:59", "23:59:59.999999-15:59", "24:00:00+00", "12:00:00+05:45");
    type("timestamp")
        .values(
            "4713-01-01 00:00:00 BC",
            "0001-01-01 00:00:00",
            "1969-12-31 23:59:59.999999",
            "2024-02-29 12:00:00.000001",
            "2026-03-08 02:30:00",
            "294276-12-31 23:59:59.999999",
            "infinity",
            "-infinity");
    type("timestamp(0)").values("2024-02-29 12:34:56");
    type("timestamptz")
        .values(
            "4713-01-01 00:00:00+00 BC",
            "0001-01-01 00:00:00+00",
            "1900-01-01 00:00:00-03:30:52",
            "2026-11-01 01:30:00-04",
            "2026-11-01 01:30:00-05",
            "294276-12-31 23:59:59.999999+00",
            "infinity",
            "-infinity");
    type("interval")
        .values(
            "0",
            "1 year -2 months +3 days -04:05:06.789012",
            "-178000000 years",
            "178000000 years",
            "1 month -1 day",
            "-00:00:00.000001",
            "P1Y2M3DT4H5M6.7S");
    type("interval").since(15).values("2562047788:00:54.775807");
    type("interval").since(17).values("infinity", "-infinity");
    type("interval day to second(2)").values("1 02:03:04.56");
  }

  private void documents() {
    type("json")
        .values(
            "{}",
            "null",
            "\"\"",
            "{\"b\": 1, \"a\":2,  \"b\":3}",
            "[1, 2.0, 1e400, 12345678901234567890123456789]",
            "{\"u\":\"\\u00e9\\ud83d\\ude00\", \"nested\": {\"x\": [null, true]}}",
            "  [ ]  ");
    type("jsonb")
        .values(
            "{}",
            "null",
            "\"\"",
            "{\"b\": 1, \"a\": 2, \"b\": 3}",
            "[1, 2.00, 1e3, 12345678901234567890123456789.000000001]",
            "\"__debezium_unavailable_value\"");
    type("jsonpath").values("$", "$.a[*] ? (@.x > 1.50)", "strict $.\"q\\\"\"");
    type("xml")
        .values(
            "<a/>", "<?xml version=\"1.0\"?><a b='1'>x &amp; y</a>", "text only", "<a>é</a><b/>");
  }

  private void networks() {
    type("inet")
        .values(
            "0.0.0.0",
            "192.168.0.1/24",
            "255.255.255.255/32",
            "::",
            "::ffff:1.2.3.4/128",
            "2001:db8::1/64");
    type("cidr").values("0.0.0.0/0", "192.168.0.0/24", "10.1.2.3/32", "::/0", "2001:db8::/32");
    type("macaddr").values("00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff");
    type("macaddr8").values("00:00:00:00:00:00:00:00", "08:00:2b:01:02:03:04:05");
  }

  private void geometry() {
    type("point").values("(0,0)", "(-0,0.1)", "(NaN,Infinity)", "(1e-300,-1.7976931348623157e308)");
    type("line").values("{1,-1,0}", "{0.1,0.2,0.30000000000000004}");
    type("lseg").values("[(0,0),(1,1)]", "[(0.1,0.30000000000000004),(-3,4)]");
    type("box").values("(1,1),(0,0)", "(0.1,0.30000000000000004),(-3,-4)");
    type("path").values("[(0,0),(1,1),(2,0)]", "((0,0),(1,1),(2,0.30000000000000004))");
    type("polygon").values("((0,0),(1,1),(2,0))", "((0.1,0.30000000000000004))");
    type("circle").values("<(0,0),1>", "<(0.1,-0.30000000000000004),0>");
  }

  private void search() {
    type("tsvector").values("", "'a':1A,2B 'b' 'c''d':16383", "'x y':3");
    type("tsquery").values("", "'a' & !'b' | ('c' <-> 'd')", "'a':*AB");
  }

  private void ranges() {
    type("int4range").values("empty", "[1,10)", "(,)", "[,5)", "[7,)");
    type("int8range").values("empty", "[-9223372036854775808,0)", "(,)");
    type("numrange").values("empty", "[1.10,2.200]", "(0.1,)", "(,)");
    type("daterange").values("empty", "[2024-02-29,infinity)", "(,)");
    type("tsrange")
        .values("empty", "[\"2024-02-29 00:00:00.000001\",\"2024-03-01 00:00:00\"]", "(,)");
    type("tstzrange").values("empty", "[\"2024-02-29 00:00:00+00\",)", "(-infinity,infinity)");
    type("int4multirange").values("{}", "{[1,3),[5,8)}", "{(,)}");
    type("nummultirange").values("{}", "{[1.10,2.0],(3,)}");
    type("tstzmultirange")
        .values("{}", "{[\"2024-02-29 00:00:00+00\",\"2024-03-01 00:00:00+00\")}");
    type("int8multirange").values("{}", "{[-9223372036854775808,0)}");
    type("tsmultirange").values("{}", "{[2024-01-01,\"2024-02-01 00:00:00.5\")}");
    type("datemultirange").values("{}", "{[2024-01-01,2024-02-01)}");
  }

  private void identifiers() {
    type("uuid")
        .values("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff");
    type("oid").values("0", "4294967295");
    type("regclass")
        .setup("CREATE TABLE \"Named there\" (id int PRIMARY KEY); CREATE TYPE named AS ENUM ()")
        .values("pg_catalog.pg_class", "public.\"Named there\"");
    type("regtype").values("integer", "timestamp with time zone", "public.named");
    type("regproc").values("pg_catalog.now");
    type("regnamespace").values("pg_catalog");
    type("regprocedure").values("pg_catalog.lower(text)");
    type("regoper").values("pg_catalog.||/");
    type("regoperator").values("pg_catalog.||(text,text)");
    type("regrole").values("postgres");
    type("regcollation").values("pg_catalog.\"C\"");
    type("regconfig").values("pg_catalog.english");
    type("regdictionary").values("pg_catalog.simple");
    type("int2vector").values("", "1 -2 3");
    type("oidvector").values("", "1 4294967295");
    type("aclitem").values("postgres=r*w/postgres", "=X/postgres");
    type("refcursor").values("", "<unnamed portal 1>");
    type("pg_lsn").values("0/0", "FFFFFFFF/FFFFFFFF");
    type("xid8").values("0", "18446744073709551615");
    type("xid").values("0", "4294967295");
    type("cid").values("0", "4294967295");
    type("tid").values("(0,1)", "(4294967295,65535)");
    type("txid_snapshot").values("10:20:10,14,15");
    type("pg_snapshot").values("10:20:10,14,15");
  }

  private void ofUsers() {
    type("mood")
        .setup("CREATE TYPE mood AS ENUM ('sad', 'it''s \"ok\", {so}', 'Ü ä')")
        .values("sad", "it's \"ok\", {so}", "Ü ä");
    type("positive")
        .setup("CREATE DOMAIN positive AS numeric(10,2) NOT NULL CHECK (VALUE > 0)")
        .notNull()
        .values("0.01", "99999999.99");
    type("colour")
        .setup(
            "CREATE TYPE hue AS ENUM ('red', 'green'); CREATE DOMAIN colour AS hue CHECK (VALUE <> 'green')")
        .values("red");
    type("pair")
        .setup("CREATE TYPE pair AS (\"first one\" integer, t text, at timestamptz)")
        .values("(,,)", "(1,\"\",)", "(-5,\"a,b(c)\"\"d\"\"\\\\\",\"2026-01-01 00:00:00+00\")");
    type("spans")
        .setup("CREATE TYPE spans AS RANGE (subtype = float8, multirange_type_name = manyspans)")
        .values("empty", "[0.1,0.30000000000000004)", "(,Infinity]", "(,)");
    type("manyspans").values("{}", "{[1,2],(3.5,)}");
  }

  private void ofExtensions() {
    type("hstore")
        .setup("CREATE EXTENSION hstore")
        .values("", "\"a\"=>\"1\", \"b\"=>NULL", "\"q\\\"k\"=>\"v,{}=>\\\\\"");
    type("citext").setup("CREATE EXTENSION citext").values("", "Abc", "aBC");
    type("ltree").setup("CREATE EXTENSION ltree").values("", "Top.Science.Astronomy");
    type("lquery").values("Top.*{1,2}.!x");
    type("cube")
        .setup("CREATE EXTENSION cube")
        .values("(0.1, 0.30000000000000004)", "(1, 2),(3, 4)");
  }

  private Adding type(String name) {
    return new Adding(name);
  }

  /** Adds a type once its values are given. */
  private final class Adding {
    private final String name;
    private int since = OLDEST;
    private String setup = "";
    private boolean nullable = true;

    Adding(String name) {
      this.name = name;
    }

    Adding since(int major) {
      since = major;
      return this;
    }

    Adding setup(String sql) {
      setup = sql;
      return this;
    }

    Adding notNull() {
      nullable = false;
      return this;
    }

    /** As PostgreSQL reads them. */
    Adding values(String... literals) {
      return expressions(Arrays.stream(literals)
          .map(literal -> "'" + literal.replace("'", "''") + "'::" + name)
          .toArray(String[]::new));
    }

    /** More values of the same type, by SQL. */
    Adding expressions(String... sql) {
      List<String> all = new ArrayList<>();
      if (!cases.isEmpty() && cases.get(cases.size() - 1).isOf(name, since)) {
        all.addAll(cases.remove(cases.size() - 1).values());
      }
      Collections.addAll(all, sql);
      cases.add(new TypeCase(name, since, setup, nullable, all));
      return this;
    }
  }
}
