namespace CortexMl.Tests.Engines;

/// <summary>Graphs on which the tests of several engines run.</summary>
internal static class EngineGraphs
{
    /// <summary>Convolution, requantization and residual addition: what fast engines fuse.</summary>
    public const string Residual = """
        graph @g(%x: i8[1, 4, 3, 3]) -> i8[1, 4, 3, 3] {
          @w: i8[4, 4, 3, 3] = random(3)
          @b: i12[4] = [1, -2, 3, -2047]
          @m: i6[4, 1, 1] = [1, 9, 17, 31]
          %r = cvm.relu(%x)
          %c = cvm.conv2d(%r, @w, @b) {channels = 4, kernel_size = [3, 3], padding = [1, 1]}
          %p = cvm.broadcast_mul(%c, @m)
          %s = cvm.cvm_right_shift(%p) {precision = 8, shift_bit = 10}
          %a = cvm.elemwise_add(%s, %r)
          %y = cvm.cvm_right_shift(%a) {precision = 8, shift_bit = 1}
          return %y
        }
        """;
}
