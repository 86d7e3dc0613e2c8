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

    /// <summary>Layers whose weights are inputs.</summary>
    public const string ComputedWeights = """
        graph @g(%x: i8[1, 2, 4, 4], %w: i8[3, 2, 2, 2], %m: i8[2, 5], %v: i8[4, 5]) {
          %c = cvm.conv2d(%x, %w) {channels = 3, kernel_size = [2, 2], use_bias = false}
          %d = cvm.dense(%m, %v) {units = 4, use_bias = false}
          return %c, %d
        }
        """;

    /// <summary>A convolution's channels, flattened, feed a dense layer.</summary>
    public const string FlattenedChannels = """
        graph @g(%x: i8[2, 8, 6, 6]) {
          @w: i8[20, 8, 3, 3] = random(3)
          %c = cvm.conv2d(%x, @w) {channels = 20, kernel_size = [3, 3], use_bias = false}
          %s = cvm.cvm_right_shift(%c) {precision = 8, shift_bit = 8}
          %f = cvm.flatten(%s)
          @v: i8[10, 320] = random(8)
          %d = cvm.dense(%f, @v) {units = 10, use_bias = false}
          return %d
        }
        """;

    /// <summary>A sum over all pixels between convolutions.</summary>
    public const string GlobalPooling = """
        graph @g(%x: i8[2, 3, 18, 17]) {
          @w: i8[6, 3, 1, 1] = random(3)
          %c = cvm.conv2d(%x, @w) {channels = 6, kernel_size = [1, 1], use_bias = false}
          %q = cvm.cvm_right_shift(%c) {precision = 8, shift_bit = 8}
          %s = cvm.sum(%q) {axis = [2, 3], keepdims = true}
          %p = cvm.cvm_right_shift(%s) {precision = 8, shift_bit = 8}
          @v: i8[4, 6, 1, 1] = random(4)
          %y = cvm.conv2d(%p, @v) {channels = 4, kernel_size = [1, 1], use_bias = false}
          return %y
        }
        """;

    /// <summary>Branches of a grouped convolution that are joined, cut and flattened.</summary>
    public const string JoinedBranches = """
        graph @g(%x: i8[1, 4, 3, 3]) -> i18[1, 2] {
          @w: i4[4, 2, 1, 1] = random(3)
          @v: i4[2, 36] = random(4)
          %a = cvm.conv2d(%x, @w) {channels = 4, kernel_size = [1, 1], groups = 2, use_bias = false}
          %b = cvm.cvm_right_shift(%a) {precision = 8, shift_bit = 3}
          %c = cvm.relu(%b)
          %j = cvm.concatenate(%c, %b) {axis = 1}
          %s = cvm.strided_slice(%j) {begin = [0, 2], end = [1, 6]}
          %f = cvm.flatten(%s)
          %y = cvm.dense(%f, @v) {units = 2, use_bias = false}
          return %y
        }
        """;

    /// <summary>The maximum of negative numbers: 0 without a list of axes.</summary>
    public const string NegativeMaximum = """
        graph @g(%x: i9[20, 30]) {
          %n = cvm.abs(%x)
          @one: i2[1] = [1]
          %p = cvm.broadcast_add(%n, @one)
          %m = cvm.negative(%p)
          %all = cvm.max(%m)
          %listed = cvm.max(%m) {axis = [0, 1]}
          return %all, %listed
        }
        """;

    /// <summary>The text of one of the constants, so that a test's name is its name.</summary>
    public static string Named(string name) => (string)typeof(EngineGraphs).GetField(name)!.GetRawConstantValue()!;
}
