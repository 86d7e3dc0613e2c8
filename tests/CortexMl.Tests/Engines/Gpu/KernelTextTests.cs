using CortexMl.Engines.Gpu.Kernels;
using Xunit;

namespace CortexMl.Tests.Engines.Gpu;

public sealed class KernelTextTests
{
    [Fact]
    public void Every_statement_and_expression_has_a_text()
    {
        var k = new KernelBuilder("everything");
        KernelBuffer x = k.Read("x", KernelElement.I8, 64), w = k.Read("w", KernelElement.I32, 16), y = k.Write("y", KernelElement.I16, 8);
        var tile = k.Shared("tile", KernelElement.I32, 4);
        var at = k.Let("at", (k.Group * 4) + k.Lane);
        k.Store(tile, k.Lane, x[at]);
        k.Barrier();
        var sum = k.Let("sum", ((Expr)0).ToI64());
        k.For("c", 0, 4, c => k.Assign(sum, sum + Expr.Dot4(tile[c], w[(c * 4) + at], -1).ToI64()));
        k.Store(tile, 0, Expr.Dot16([1, 2, 3, at], [5, 6, 7, 8], 9));
        k.For("c", 0, at, c => k.Assign(sum, sum - 1), step: 2);
        k.While((sum > 0) & at.IsNot(3), () => k.Assign(sum, sum >> 1));
        k.If(at.Is(-at), () => k.Store(y, at, (sum < 5).Select(sum, sum * (sum - 1))), () => k.Store(y, at, x[at].Clamp(-7, 7) % (at | 1)));
        Assert.Equal("""
            kernel everything(read i8 x[64], read i32 w[16], write i16 y[8]) groups 2 x 4 {
              shared i32 tile[4];
              int at = group * 4 + lane;
              tile[lane] = x[at];
              barrier;
              long sum = 0L;
              for (int c = 0; c < 4; c++) {
                sum = sum + long(dot4(tile[c], w[c * 4 + at], -1));
              }
              tile[0] = dot16(1, 2, 3, at, 5, 6, 7, 8, 9);
              for (int c_1 = 0; c_1 < at; c_1 += 2) {
                sum = sum - 1L;
              }
              while (0L < sum & at != 3) {
                sum = sum >> 1;
              }
              if (at == 0 - at) {
                y[at] = int(sum < 5L ? sum : sum * (sum - 1L));
              } else {
                y[at] = max(min(x[at], 7), -7) % (at | 1);
              }
            }

            """, KernelText.Print(k.Build(new LaunchShape(2, 4))));
    }
}
