using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary><c>print --kernels --engine cpu</c>.</summary>
public sealed class AssemblyPrintTests : IDisposable
{
    private const string Layer = """
        graph @g(%x: i8[1, 16, 3, 3]) {
          @w: i8[16, 16, 1, 1] = random(3)
          %a = cvm.conv2d(%x, @w) {channels = 16, kernel_size = [1, 1], use_bias = false}
          %b = cvm.cvm_right_shift(%a) {shift_bit = 9, precision = 8}
          %c = cvm.conv2d(%b, @w) {channels = 16, kernel_size = [1, 1], use_bias = false}
          %d = cvm.cvm_right_shift(%c) {shift_bit = 9, precision = 8}
          %e = cvm.conv2d(%d, @w) {channels = 16, kernel_size = [1, 1], use_bias = false}
          %y = cvm.cvm_right_shift(%e) {shift_bit = 9, precision = 8}
          return %y
        }
        """;

    private readonly TemporaryFolder _folder = new();

    private readonly string _model;

    public AssemblyPrintTests()
    {
        _model = _folder["layer.cml"];
        File.WriteAllText(_model, Layer);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("codeavx2", "vpmaddwd ymm")]
    [InlineData("codeavxvnni", "vpdpbusd ymm")]
    [InlineData("codeavx512", "vpmaddwd zmm")]
    [InlineData("codeavx512vnni", "vpdpbusd zmm")]
    public void Code_of_every_set_is_printed_on_any_machine_and_equal_code_once(string set, string instruction)
    {
        string text = CliRun.Of("print", _model, "--kernels", "--engine", "cpu", "--instructions", set).Output;
        Assert.Contains(instruction, text, StringComparison.Ordinal);
        Assert.Contains("; %b: product of ", text, StringComparison.Ordinal);
        Assert.Contains("; %y: product of ", text, StringComparison.Ordinal);
        Assert.Contains("; the code of %b\n", text, StringComparison.Ordinal);
        Assert.Equal(text, CliRun.Of("print", _model, "--format", "assembly", "--instructions", set).Output);
    }

    [Theory]
    [InlineData("--engine says whose --kernels are printed, and none are", "--engine", "cpu")]
    [InlineData("--engine cpu and --format text contradict each other", "--kernels", "--engine", "cpu", "--format", "text")]
    [InlineData("--engine cpu and --format kernels contradict each other", "--engine", "cpu", "--format", "kernels")]
    [InlineData("--instructions are those of the CPU engine's --kernels, and none are printed", "--instructions", "codeavx2")]
    [InlineData("avx9", "--kernels", "--engine", "cpu", "--instructions", "avx9")]
    public void What_contradicts_itself_is_told(string message, params string[] options)
    {
        var run = CliRun.Of(["print", _model, .. options]);
        Assert.Equal(2, run.Exit);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }
}
