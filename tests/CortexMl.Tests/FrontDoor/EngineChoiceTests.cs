using CortexMl.Data;
using CortexMl.Diagnostics;
using CortexMl.Engines;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir.Walks;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.FrontDoor;

/// <summary>Which engine runs a model, among engines made for the purpose.</summary>
public sealed class EngineChoiceTests
{
    private static readonly Model s_model = new("g", TextParser.ParseOne("""
        graph @g(%x: i8[1, 2]) -> i8[1, 2] {
          %y = cvm.relu(%x)
          return %y
        }
        """));

    [Fact]
    public void Names_are_those_of_the_list_and_auto() =>
        Assert.Equal(["interpreter", "cpu", "ilgpu-cpu", "opencl", "cuda", "onnx-integer", "auto"], EngineChoice.Names);

    [Fact]
    public void What_auto_prepared_to_see_whether_an_engine_takes_the_model_runs_it()
    {
        var tried = new Described("tried") { IsTriedFirst = true };
        using var choice = Auto(tried);
        Assert.Equal(("tried", null, 1), (choice.Name, choice.Note, tried.Made.Count));
        var run = Batch.Run(choice, new RandomSamples([Shape.Of(1, 2)], 3), NoProgress.Instance);
        Assert.Equal(("tried", 3), (run.Engine, run.Results.Count));
        var made = Assert.Single(tried.Made);
        Assert.Equal((3, 1), (made.Runs, made.Disposals));
    }

    [Fact]
    public void Only_the_first_runner_gets_what_auto_prepared()
    {
        var tried = new Described("tried") { IsTriedFirst = true };
        using var choice = Auto(tried);
        using IExecutable first = choice.Prepare(1), second = choice.Prepare(1);
        Assert.Same(first, tried.Made[0]);
        Assert.Same(second, tried.Made[1]);
    }

    [Fact]
    public void What_nobody_took_is_disposed_with_the_choice()
    {
        var tried = new Described("tried") { IsTriedFirst = true };
        Auto(tried).Dispose();
        Assert.Equal((1, 0), (tried.Made[0].Disposals, tried.Made[0].Runs));
    }

    [Fact]
    public void An_engine_that_refuses_when_it_is_tried_is_passed_over_with_its_reason()
    {
        using var choice = Auto(new Described("tried") { IsTriedFirst = true, Refusal = "no kernel for that" });
        Assert.Equal(("interpreter", "no kernel for that: it runs on the interpreter"), (choice.Name, choice.Note));
        var notes = new DiagnosticBag();
        choice.Tell(notes);
        Assert.Equal([LibraryCodes.EngineFallback], notes.Items.Select(n => n.Code));
    }

    [Fact]
    public void An_engine_that_is_not_tried_is_prepared_when_it_is_asked_for()
    {
        var plain = new Described("plain");
        using var choice = Auto(plain);
        Assert.Empty(plain.Made);
        using var executable = choice.Prepare(1);
        Assert.Same(executable, Assert.Single(plain.Made));
    }

    [Fact]
    public void Auto_takes_the_last_of_the_list_that_is_at_hand_and_can_run_the_model()
    {
        using var choice = Auto(
            new Described("first"), new Described("unable") { Why = "it is too small" }, new Described("absent") { IsHere = false });
        Assert.Equal(("first", "it is too small: it runs on the first engine"), (choice.Name, choice.Note));
    }

    [Fact]
    public void An_engine_that_was_asked_for_and_cannot_run_the_model_is_refused_with_those_that_can()
    {
        var engines = new EngineList([new InterpreterDescription(), new Described("unable") { Why = "it is too small" }]);
        var error = Assert.Throws<DiagnosticException>(() => EngineChoice.Of(s_model, new RunOptions { Engine = "unable" }, engines));
        var told = Assert.Single(error.Diagnostics);
        Assert.Equal((LibraryCodes.UnknownEngine, "it is too small: only the interpreter can run that", "pass --engine interpreter"),
            (told.Code, told.Message, told.Hint));
    }

    private static EngineChoice Auto(params EngineDescription[] engines) => EngineChoice.Of(
        s_model, new RunOptions { Threads = 1, InputScale = 100 }, new EngineList([new InterpreterDescription(), .. engines]));

    private sealed class Described(string name) : EngineDescription
    {
        public List<Prepared> Made { get; } = [];

        public bool IsTriedFirst { get; init; }

        public bool IsHere { get; init; } = true;

        public string? Why { get; init; }

        /// <summary>What it says when it is prepared.</summary>
        public string? Refusal { get; init; }

        public override string Name => name;

        public override bool IsAutomatic => true;

        public override bool IsTried => IsTriedFirst;

        public override IReadOnlyList<EngineEntry> Entries => [];

        public override bool IsAtHand(EngineTask task) => IsHere;

        public override string? WhyNot(EngineTask task) => Why;

        public override IExecutable Prepare(EngineTask task)
        {
            if (Refusal is not null) throw new DiagnosticException(EngineCodes.KernelFailed, Refusal);
            Made.Add(new Prepared());
            return Made[^1];
        }
    }

    private sealed class Prepared : IExecutable
    {
        public int Runs { get; private set; }

        public int Disposals { get; private set; }

        public IReadOnlyList<Tensor<int>> Run(IReadOnlyList<Tensor<int>> inputs)
        {
            Runs++;
            return inputs;
        }

        public void Dispose() => Disposals++;
    }
}
