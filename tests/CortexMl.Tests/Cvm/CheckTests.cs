using CortexMl.Conformance;
using CortexMl.Cvm;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Reports;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cvm;

public sealed class CheckTests
{
    [Fact]
    public void A_model_of_ours_is_accepted_with_all_its_sizes()
    {
        var files = Samples.Files();
        var result = CvmCheck.Run(files.Symbol, files.Params);
        Assert.Equal((CvmStatus.Ok, CvmStage.Ok, true), (result.Status, result.Stage, result.IsPortable));
        // 8 outputs: a convolution of 4 taps and a bias, two operators of weight 1; 5 for each of 9 + 8 + 2 + 3 * 8 elements.
        Assert.Equal(8 * (13 + 1 + 1) + 5 * 43, result.Gas);
        Assert.Equal(4 * 43, result.StorageSize);
        Assert.Equal((9L, 8L, 1, 1), (result.InputLength, result.OutputLength, result.InputTypeSize, result.OutputTypeSize));
        Assert.Empty(result.Findings);
    }

    [Fact]
    public void A_refused_model_has_no_sizes()
    {
        var files = Samples.Files();
        var result = CvmCheck.Run(files.Symbol, files.Params.AsMemory(0, 100));
        Assert.Equal((CvmStatus.Runtime, CvmStage.Load, false, null), (result.Status, result.Stage, result.IsPortable, result.Gas));
    }

    [Theory]
    [InlineData("\"storage_id\": [\"list_int\", [3, 4, 5, 0, 1, 2]]", "\"storage_id\": [\"list_int\", [3, 4, 5, 0, 1, 4]]", "CML0463")]
    [InlineData("\"storage_id\": [\"list_int\", [3, 4, 5, 0, 1, 2]]", "\"storage_id\": [\"list_int\", [3, 4, 4, 0, 1, 2]]", "CML0463")]
    [InlineData(
        "\"version\": \"cvm_1.0.0\"", "\"version\": \"cvm_1.0.0\", \"postprocess\": \"01234567890123456789012345678901\"", "CML0461")]
    public void What_is_accepted_but_fragile_is_a_warning(string old, string replacement, string code)
    {
        var files = Samples.Files();
        string text = System.Text.Encoding.UTF8.GetString(files.Symbol);
        Assert.Contains(old, text, StringComparison.Ordinal);
        var result =
            CvmCheck.Run(System.Text.Encoding.UTF8.GetBytes(text.Replace(old, replacement, StringComparison.Ordinal)), files.Params);
        Assert.Equal((CvmStatus.Ok, false), (result.Status, result.IsPortable));
        Assert.Equal([code], result.Findings.Select(f => f.Code));
    }

    [Fact]
    public void Missing_tables_of_version_1_1_are_a_warning()
    {
        var files = CvmEmitter.Emit(Samples.Convolution(), new CvmEmitOptions { Version = CvmVersions.V110 });
        string text = System.Text.Encoding.UTF8.GetString(files.Symbol)
            .Replace("  \"node_row_ptr\": [0, 1, 2, 3, 4, 5, 6],\n", "", StringComparison.Ordinal);
        var result = CvmCheck.Run(System.Text.Encoding.UTF8.GetBytes(text), files.Params);
        Assert.Equal((CvmStatus.Ok, false), (result.Status, result.IsPortable));
        Assert.Equal(["CML0462"], result.Findings.Select(f => f.Code));
    }

    [Fact]
    public void Storage_that_is_shared_one_after_the_other_is_not_aliased()
    {
        var result =
            Samples.Edited("\"storage_id\": [\"list_int\", [3, 4, 5, 0, 1, 2]]", "\"storage_id\": [\"list_int\", [3, 4, 5, 0, 0, 0]]");
        Assert.False(result.ModelOrThrow().Storage.IsAliased);
    }

    [Fact]
    public void A_convolution_beyond_the_working_buffer_of_the_reference_is_a_warning()
    {
        var build = new GraphBuilder("main", Level.Cvm);
        var x = build.Input("x", TensorType.Integer(8, Shape.Of(1, 1, 1 << 13, 1 << 13)));
        var weight = build.Constant("w", Tensor.Zeros<int>(Shape.Of(1, 1, 7, 7)), 8);
        build.Output(
            build.Op(CvmConv.Conv2D, [x, weight], Attributes.Of(("channels", 1), ("kernel_size", new[] { 7, 7 }), ("use_bias", false))));
        var files = CvmEmitter.Emit(build.Build());
        Assert.Equal(["CML0465"], CvmCheck.Run(files.Symbol, files.Params).Findings.Select(f => f.Code));
    }

    /// <summary>A model on which the reference's devices differ, or which one of them does not finish, is never called portable.</summary>
    [SkippableFact]
    public void Vectors_on_which_the_devices_differ_are_not_portable()
    {
        int differing = 0;
        var wrong = new List<string>();
        foreach (string folder in Directory.GetDirectories(SharedData.Folder("cvm", "vectors")).Order(StringComparer.Ordinal))
        {
            string expectation = Path.Combine(folder, "expect.json");
            var cpu = Expectation.Read(expectation, formal: false);
            var formal = Expectation.Read(expectation, formal: true);
            var result = ModelCheck.Run(Path.Combine(folder, "symbol"), Path.Combine(folder, "params"));
            bool differs = (cpu.Status, cpu.Output, cpu.IsAnswered) != (formal.Status, formal.Output, formal.IsAnswered)
                || cpu.Undefined.Count > 0;
            if (differs && cpu.Stage != CvmStage.Load) differing++;
            if (differs && result.IsPortable) wrong.Add(Path.GetFileName(folder));
            if (cpu.Stage is CvmStage.Load or CvmStage.Gas) Assert.Equal((cpu.Status, cpu.Stage), (result.Status, result.Stage));
        }
        Assert.True(wrong.Count == 0, $"called portable: {string.Join(", ", wrong)}");
        Assert.True(differing > 40, $"only {differing} vectors differ");
    }
}
