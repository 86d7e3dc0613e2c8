using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Ops;
using Xunit;

namespace CortexMl.Tests.Engines.Interpreter;

public class KernelCoverageTests
{
    [Fact]
    public void Every_cvm_row_has_a_kernel() =>
        Assert.DoesNotContain(OpTable.Rows, row => row.Levels.HasFlag(Level.Cvm) && Kernels.Find(row) is null);
}
