package io.sluice.parser.sink;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The system's libdeflate, which compresses whole buffers at twice the speed of the JDK's zlib
 * (libdeflate.h; the functions used have not changed since 1.0). It stays loaded for the life of
 * the process. Thread-safe; a compressor is confined to its owner's thread.
 */
public final class Libdeflate {

  private static final List<String> NAMES = List.of("libdeflate.so.0", "libdeflate.0.dylib");
  private static final @Nullable Libdeflate SYSTEM = load(NAMES);

  private final MethodHandle alloc;
  private final MethodHandle free;
  private final MethodHandle bound;
  private final MethodHandle compress;

  @SuppressWarnings("restricted")
  private Libdeflate(SymbolLookup library) {
    MemoryLayout size = Linker.nativeLinker().canonicalLayouts().get("size_t");
    ValueLayout pointer = ValueLayout.ADDRESS;
    this.alloc =
        function(library, "alloc_compressor", FunctionDescriptor.of(pointer, ValueLayout.JAVA_INT));
    this.free = function(library, "free_compressor", FunctionDescriptor.ofVoid(pointer));
    this.bound =
        function(library, "gzip_compress_bound", FunctionDescriptor.of(size, pointer, size));
    this.compress =
        function(
            library,
            "gzip_compress",
            FunctionDescriptor.of(size, pointer, pointer, size, pointer, size));
  }

  @SuppressWarnings("restricted")
  private static MethodHandle function(
      SymbolLookup library, String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker()
        .downcallHandle(library.findOrThrow("libdeflate_" + name), descriptor);
  }

  /** The system's library; null if there is none, or if it does not compress correctly. */
  public static @Nullable Libdeflate system() {
    return SYSTEM;
  }

  /** The first of these libraries that works; null if none does. */
  @SuppressWarnings("restricted")
  static @Nullable Libdeflate load(List<String> names) {
    if (ValueLayout.ADDRESS.byteSize() != Long.BYTES) {
      return null;
    }
    for (String name : names) {
      try {
        Libdeflate library = new Libdeflate(SymbolLookup.libraryLookup(name, Arena.global()));
        if (library.works()) {
          return library;
        }
      } catch (RuntimeException | LinkageError e) {
        // It is missing, lacks a function, or this JVM must not call native code: the JDK's zlib is
        // used.
      }
    }
    return null;
  }

  /** Whether the JDK can decompress the library's output. */
  private boolean works() {
    byte[] plain = "libdeflate compresses, libdeflate is tried".getBytes(StandardCharsets.US_ASCII);
    try (Arena arena = Arena.ofConfined();
        Handle compressor = compressor(1)) {
      MemorySegment in = arena.allocate(plain.length);
      MemorySegment out = arena.allocate(compressor.bound(plain.length));
      MemorySegment.copy(plain, 0, in, ValueLayout.JAVA_BYTE, 0, plain.length);
      byte[] member = new byte[compressor.compress(in, plain.length, out)];
      MemorySegment.copy(out, ValueLayout.JAVA_BYTE, 0, member, 0, member.length);
      return Arrays.equals(plain, inflate(member, plain.length));
    }
  }

  private static byte[] inflate(byte[] member, int length) {
    Inflater inflater = new Inflater(true);
    try {
      byte[] plain = new byte[length];
      inflater.setInput(member, GzipMembers.HEADER_BYTES, member.length - GzipMembers.HEADER_BYTES);
      return Arrays.copyOf(plain, inflater.inflate(plain));
    } catch (DataFormatException e) {
      return new byte[0];
    } finally {
      inflater.end();
    }
  }

  /**
   * Creates a compressor.
   *
   * @param level the JDK's levels, 1 to 9. Level 1 here compresses better than the JDK's level 3;
   *     from level 2 on, output is as long as the JDK's, within 2 %
   */
  Handle compressor(int level) {
    return new Handle(level <= 3 ? 1 : level);
  }

  /** Compresses buffers into gzip members. Owns native memory: close it. */
  final class Handle implements AutoCloseable {

    private final MemorySegment handle;
    private boolean freed;

    private Handle(int level) {
      try {
        handle = (MemorySegment) alloc.invokeExact(level);
      } catch (Throwable e) {
        throw broken(e);
      }
      if (handle.equals(MemorySegment.NULL)) {
        throw new OutOfMemoryError("libdeflate: not enough memory for a compressor");
      }
    }

    /** Maximum length of a compressed member with the given number of plain bytes. */
    long bound(long plainBytes) {
      try {
        return (long) bound.invokeExact(handle, plainBytes);
      } catch (Throwable e) {
        throw broken(e);
      }
    }

    /**
     * Compresses the first bytes of a buffer into a member.
     *
     * @param out native memory of at least {@link #bound} bytes
     * @return the member's length
     */
    int compress(MemorySegment in, long plainBytes, MemorySegment out) {
      long length;
      try {
        length = (long) compress.invokeExact(handle, in, plainBytes, out, out.byteSize());
      } catch (Throwable e) {
        throw broken(e);
      }
      if (length <= 0) {
        throw new IllegalStateException("libdeflate: a member is larger than its upper bound");
      }
      return (int) length;
    }

    @Override
    public void close() {
      if (freed) {
        return;
      }
      freed = true;
      try {
        free.invokeExact(handle);
      } catch (Throwable e) {
        throw broken(e);
      }
    }

    private static IllegalStateException broken(Throwable e) {
      if (e instanceof Error error) {
        throw error;
      }
      return new IllegalStateException("libdeflate cannot be called", e);
    }
  }
}
