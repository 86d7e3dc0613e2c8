using System.Text.Json;
using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Evaluating;
using CortexMl.Loading;
using CortexMl.Passes;
using CortexMl.Reports;
using CortexMl.Running;
using CortexMl.Runs;
using CortexMl.Serve.Jobs;
using CortexMl.Tensors;

namespace CortexMl.Serve.Looking;

/// <summary>What somebody drew: grey pixels, row by row, of the network's size.</summary>
internal sealed record DrawnPicture(int Width, int Height, byte[] Pixels);

/// <summary>A class that a model named.</summary>
/// <param name="Score">The network's own output.</param>
internal sealed record ScoredClass(int Class, string Name, float Score);

/// <summary>The float network's answer and that of the integers.</summary>
internal sealed record DrawnAnswer(IReadOnlyList<ScoredClass> Float, IReadOnlyList<ScoredClass> Integer);

/// <summary>Runs a drawing through the network of a job and through what it was compiled to.</summary>
internal static class Drawing
{
    private const int Shown = 5;

    /// <exception cref="DiagnosticException">CML1106 not compiled yet, CML1107, CML1101; what running finds.</exception>
    public static DrawnAnswer Answer(Job job, DrawnPicture drawn)
    {
        job.CheckDone();
        var run = RunFile.Read(job.Run);
        string modelPath = Path.Combine(job.Folder, Member(run, RunFile.ModelMember)!);
        string? data = (Member(run, "data") ?? Member(run, "test")) is { } named ? Path.Combine(job.Folder, named) : null;
        Model real = ModelLoader.Load(modelPath, Inspector.Reading(data)), integer = ModelLoader.Load(job.Output);
        if (integer.Io is not { } io) throw NoPicture(job);
        if (real.Inputs is not [var input] || PictureShape.Of(input.Shape) is not { } picture) throw NoPicture(job);
        if (drawn.Width != picture.Width || drawn.Height != picture.Height || drawn.Pixels.Length != drawn.Width * drawn.Height)
            throw new DiagnosticException(ServeCodes.Request, Inspector.Text($"a drawing has to be {picture.Width} x {picture.Height}"));
        // Drawn at the network's size, with its channels: only what happens to each number is left to do.
        var preparation = io.Preprocessing with { Resize = null, Crop = null, Channels = null, Layout = null };
        var sample = new Sample([Prepared(picture, drawn.Pixels, preparation, input) ?? throw NoPicture(job)], null, "drawing");
        var naming = Naming(job, run, real);
        return new(Top(real, sample, naming), Top(integer, sample, naming));
    }

    /// <exception cref="DiagnosticException">CML1101.</exception>
    public static DrawnPicture Parse(string text)
    {
        try
        {
            if (JsonText.Read<DrawnPicture>(text) is { Pixels: not null } drawn) return drawn;
        }
        catch (JsonException)
        {
            // Told below.
        }
        throw new DiagnosticException(ServeCodes.Request, "the drawing cannot be read",
            hint: "width, height and pixels in base64 are needed");
    }

    private static List<ScoredClass> Top(Model model, Sample sample, Func<int, string?>? naming)
    {
        using var choice = EngineChoice.Of(model, new RunOptions { Threads = 1 });
        using var runner = Runners.For(choice)();
        var said = Prediction.Of(model, new SampleResult(sample.Name, null, runner.Run(sample)), Shown);
        return [.. said.Top5.Zip(said.Scores, (c, score) => new ScoredClass(c, naming?.Invoke(c) ?? Inspector.Text($"{c}"), score))];
    }

    /// <summary>The first form of a picture that the input takes: channels in front, or at the end.</summary>
    private static Tensor<float>? Prepared(
        PictureShape picture, byte[] pixels, Preprocessing preparation, (string Name, Shape Shape) input)
    {
        byte[] planes = [.. Enumerable.Repeat(pixels, picture.Channels).SelectMany(p => p)];
        Shape[] forms =
            [Shape.Of(picture.Channels, picture.Height, picture.Width), Shape.Of(picture.Height, picture.Width), input.Shape.Remove(0)];
        foreach (var form in forms.Where(f => f.Count == planes.Length))
        {
            try
            {
                return new Preprocessor(preparation, input.Shape, input.Name).Apply(Tensor.Create(form, planes), "the drawing");
            }
            catch (DiagnosticException)
            {
                // Another form may fit.
            }
        }
        return null;
    }

    private static Func<int, string?>? Naming(Job job, RunFile run, Model model)
    {
        try
        {
            return (Member(run, "test") ?? Member(run, "data")) is { } data
                ? SampleSource.Open(new(Path.Combine(job.Folder, data)) { Limit = 1 }, model.Inputs).Naming : null;
        }
        catch (DiagnosticException)
        {
            // Numbers are names too.
            return null;
        }
    }

    private static string? Member(RunFile run, string name) =>
        run.Members.FirstOrDefault(m => m.Name == name)?.Value.GetValue<string>();

    private static DiagnosticException NoPicture(Job job) => new(ServeCodes.Drawing,
        $"the network of job {job.Id} does not take one picture of 1 or 3 channels", hint: "run it on data of its own: cortexml run");
}
