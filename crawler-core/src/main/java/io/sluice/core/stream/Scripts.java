package io.sluice.core.stream;

import io.lettuce.core.ScriptOutputType;
import io.sluice.core.redis.Script;
import java.util.List;

/**
 * The steps of the handover, each of them atomic in Redis. The head of each {@code .lua} file
 * documents its arguments, effects and answer.
 */
final class Scripts {

  static final Script<List<Object>> OWN = Script.load(Scripts.class, "own", ScriptOutputType.MULTI);

  static final Script<List<Object>> LOOK =
      Script.load(Scripts.class, "look", ScriptOutputType.MULTI);

  static final Script<Long> STATE = Script.load(Scripts.class, "state", ScriptOutputType.INTEGER);

  static final Script<Long> JOURNALED =
      Script.load(Scripts.class, "journaled", ScriptOutputType.INTEGER);

  static final Script<Long> FORGET = Script.load(Scripts.class, "forget", ScriptOutputType.INTEGER);

  static final Script<byte[]> NODE = Script.load(Scripts.class, "node", ScriptOutputType.VALUE);

  static final Script<List<Object>> TAKE_OVER =
      Script.load(Scripts.class, "takeover", ScriptOutputType.MULTI);

  static final Script<byte[]> COMMIT = Script.load(Scripts.class, "commit", ScriptOutputType.VALUE);

  static final Script<byte[]> BURY = Script.load(Scripts.class, "bury", ScriptOutputType.VALUE);

  static final Script<List<Object>> READ =
      Script.load(Scripts.class, "read", ScriptOutputType.MULTI);

  static final Script<List<Object>> REDO =
      Script.load(Scripts.class, "redo", ScriptOutputType.MULTI);

  static final Script<List<Object>> SUSPECT =
      Script.load(Scripts.class, "suspect", ScriptOutputType.MULTI);

  static final Script<Long> GIVE_BACK =
      Script.load(Scripts.class, "giveback", ScriptOutputType.INTEGER);

  static final Script<List<Object>> REVOKE =
      Script.load(Scripts.class, "revoke", ScriptOutputType.MULTI);

  static final Script<List<Object>> SCAN =
      Script.load(Scripts.class, "scan", ScriptOutputType.MULTI);

  static final Script<List<Object>> GONE =
      Script.load(Scripts.class, "gone", ScriptOutputType.MULTI);

  private Scripts() {}
}
