using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Loading;
using CortexMl.Passes;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Text;

/// <summary>Print, parse, print gives the same text after each pass of a compilation.</summary>
public sealed class EveryPassTests
{
    [Theory]
    [InlineData("golden/models/mnist-mlp/mnist-mlp.onnx")]
    [InlineData("golden/models/mnist-dapp/mnist-dapp.onnx")]
    [InlineData("grammar/examples/lenet.cml")]
    public void Texts_read_back_after_each_pass(string model) => ReadsBack(Repository.Path(model.Split('/')));

    [SkippableTheory]
    [MemberData(nameof(Cli.PipeTests.Shared), MemberType = typeof(Cli.PipeTests))]
    [Trait("Speed", "Slow")]
    public void Texts_of_networks_of_others_read_back_after_each_pass(string model) =>
        ReadsBack(Path.Combine(SharedData.Folder(), model));

    private static void ReadsBack(string path)
    {
        Model model;
        try
        {
            model = ModelLoader.Load(path);
        }
        catch (DiagnosticException error)
        {
            throw new SkipException($"it is not read without options: {error.Diagnostics[0].Message}");
        }
        var reading = new Reading();
        try
        {
            Compiler.Compile(model, new Compiling.CompileOptions { RandomSamples = 1, Instrumentations = [reading] });
        }
        catch (DiagnosticException)
        {
            // Refused by a pass: what came before it was looked at.
        }
        Assert.True(reading.Passes > 0);
    }

    private sealed class Reading : IPassInstrumentation
    {
        private static readonly PrintOptions s_whole = new() { Whole = true };

        public int Passes { get; private set; }

        public void After(PassInfo pass, PassOptions options, Graph graph, long rewrites)
        {
            Passes++;
            string text = TextPrinter.Print(graph, s_whole), again = TextPrinter.Print(TextParser.ParseOne(text), s_whole);
            Assert.True(text == again, $"after {pass.Name}");
        }
    }
}
