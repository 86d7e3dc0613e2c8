using System.Diagnostics;
using CortexMl.Diagnostics;
using CortexMl.Engines.Gpu.Devices;
using CortexMl.Engines.Gpu.Planning;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Tensors;
using ILGPU;
using ILGPU.Runtime;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;
using Words = ILGPU.Runtime.MemoryBuffer1D<int, ILGPU.Stride1D.Dense>;

namespace CortexMl.Engines.Gpu.Running;

/// <summary>
/// A program with working memory and a stream of its own on the device. A run uploads the inputs, launches the kernels in order and
/// downloads the outputs; while it waits for its kernels, another executable of the device may upload and launch.
/// </summary>
internal sealed class GpuExecutable : IExecutable
{
    private readonly Graph _graph;
    private readonly GpuProgram _program;
    private readonly GpuOptions _options;
    private readonly Words[] _slots;
    private readonly AcceleratorStream _stream;
    private readonly List<(LaunchStep Step, ILGPU.Runtime.Kernel Kernel, object[] Arguments)> _launches = [];
    private readonly Dictionary<Value, Value> _own = [];
    private readonly Dictionary<Value, int[]?> _orders = [];
    private IExecutable? _interpreter;

    /// <param name="graph">One that is equal to the program's.</param>
    public GpuExecutable(Graph graph, GpuProgram program, GpuOptions options)
    {
        (_graph, _program, _options) = (graph, program, options);
        long bytes = program.Plan.Memory.Bytes.Sum();
        if (bytes > options.MaxBytes)
            throw new DiagnosticException(EngineCodes.TooMuchMemory,
                $"the graph's values need {Counted.Of(bytes, "byte")} of working memory, more than the {options.MaxBytes} allowed");
        (_slots, _stream) = Reserve(program);
        foreach (var step in program.Plan.Steps) _launches.Add((step, program.KernelOf(step), [.. step.Arguments.Select(View)]));
        // The program may have been made for another copy of the graph: observers know the values of theirs.
        foreach (var (theirs, own) in program.Plan.Graph.Operations.Zip(graph.Operations))
            foreach (var (value, ownValue) in theirs.Results.Zip(own.Results)) _own[value] = ownValue;
    }

    private DeviceSession Session => _program.Session;

    public IReadOnlyList<Tensor<int>> Run(IReadOnlyList<Tensor<int>> inputs)
    {
        InterpreterExecutable.CheckInputs(_graph, inputs);
        if (!HoldsFor(_graph, inputs)) return Interpreter.Run(inputs);
        IReadOnlyList<Tensor<int>> outputs = [];
        // One accelerator takes calls of one thread at a time; waiting is none.
        DeviceMemory.Guard(Session, () =>
        {
            lock (Session)
            {
                foreach (var (input, tensor) in Plan.Graph.Inputs.Zip(inputs))
                    DeviceMemory.Write(_stream, Slot(input), Plan.Layouts[input], Order(input), tensor.Data);
                for (int i = 0; i < _launches.Count; i++) Launch(i);
            }
            _stream.Synchronize();
            lock (Session) outputs = [.. Plan.Graph.Outputs.Select(Output)];
        });
        return outputs;
    }

    public void Dispose()
    {
        _interpreter?.Dispose();
        lock (Session)
        {
            _stream.Dispose();
            foreach (var slot in _slots) slot.Dispose();
        }
    }

    /// <summary>The ranges of a plan hold for inputs of their precision only; others are the interpreter's.</summary>
    public static bool HoldsFor(Graph graph, IReadOnlyList<Tensor<int>> inputs) =>
        inputs.Zip(graph.Inputs).All(pair => IsWithin(pair.First, pair.Second.Type.Element.Bound));

    private GpuPlan Plan => _program.Plan;

    private IExecutable Interpreter =>
        _interpreter ??= new InterpreterEngine(new InterpreterOptions { Observe = _options.Observe, MaxBytes = _options.MaxBytes })
            .Prepare(_graph);

    private static (Words[] Slots, AcceleratorStream Stream) Reserve(GpuProgram program)
    {
        Words[] slots = [];
        AcceleratorStream? stream = null;
        lock (program.Session)
        {
            DeviceMemory.Guard(program.Session, () =>
            {
                stream = program.Session.Accelerator.CreateStream();
                slots = [.. program.Plan.Memory.Bytes.Select(size => DeviceMemory.Allocate(program.Session.Accelerator, size))];
            });
        }
        return (slots, stream!);
    }

    private void Launch(int number)
    {
        var (step, kernel, arguments) = _launches[number];
        long start = Stopwatch.GetTimestamp();
        var shape = step.Kernel.Launch;
        if (shape.IsGrouped) kernel.Launch(_stream, new KernelConfig(shape.Groups, shape.Lanes), arguments);
        else kernel.Launch(_stream, new Index1D(shape.Groups), arguments);
        if (_options is { Timed: null, Observe: null }) return;
        _stream.Synchronize();
        _options.Timed?.Invoke(_own[step.Group.Last.Results[0]], Stopwatch.GetTimestamp() - start);
        bool isComplete = number + 1 == _launches.Count || _launches[number + 1].Step.Group != step.Group;
        if (_options.Observe is not { } observe || !isComplete) return;
        foreach (var result in step.Group.Last.Results) observe(_own[result], Output(result));
    }

    private Tensor<int> Output(Value value) => value.Constant is { } constant
        ? Tensor.Create(value.Type.Shape, (int[])((Tensor<int>)constant.Tensor).Data.Clone())
        : Tensor.Create(value.Type.Shape, DeviceMemory.Read(_stream, Slot(value), Plan.Layouts[value], Order(value)));

    private int[]? Order(Value value) =>
        _orders.TryGetValue(value, out int[]? known) ? known : _orders[value] = Plan.Layouts[value].Order();

    private Words Slot(Value value) => _slots[Plan.Memory.SlotOf[value]];

    private object View(Argument argument) => DeviceMemory.View(
        argument.Constant is { } constant ? _program.BufferOf(constant) : Slot(argument.Value!),
        argument.Parameter.Element, argument.Parameter.Length);

    private static bool IsWithin(Tensor<int> tensor, long bound) =>
        tensor.Length == 0 || (TensorPrimitives.Min<int>(tensor.Data) >= -bound && TensorPrimitives.Max<int>(tensor.Data) <= bound);
}
