namespace CortexMl.Engines.Gpu.Kernels;

/// <summary>
/// Writes a kernel statement by statement:
/// <code>
/// var x = k.Read("x", KernelElement.I8, count);
/// var y = k.Write("y", KernelElement.I8, count);
/// var v = k.Let("v", x[k.Thread]);
/// k.Store(y, k.Thread, v.Max(0));
/// var kernel = k.Build(LaunchShape.Threads(count));
/// </code>
/// </summary>
internal sealed class KernelBuilder(string name)
{
    private readonly List<KernelBuffer> _buffers = [];
    private readonly List<SharedArray> _shared = [];
    private readonly HashSet<string> _names = ["thread", "group", "lane"];
    private readonly Stack<List<Statement>> _outer = [];
    private List<Statement> _body = [];

    public Expr Thread { get; } = new PositionExpr(Position.Thread);

    public Expr Group { get; } = new PositionExpr(Position.Group);

    public Expr Lane { get; } = new PositionExpr(Position.Lane);

    public KernelBuffer Read(string name, KernelElement element, int length) => Add(new KernelBuffer(Unique(name), element, length, false));

    public KernelBuffer Write(string name, KernelElement element, int length) => Add(new KernelBuffer(Unique(name), element, length, true));

    public SharedArray Shared(string name, KernelElement element, int length)
    {
        var array = new SharedArray(Unique(name), element, length);
        _shared.Add(array);
        return array;
    }

    /// <summary>Declares a variable. A name that is taken gets a number behind it.</summary>
    public LocalExpr Let(string name, Expr value)
    {
        var local = new LocalExpr(Unique(name), value.Type);
        _body.Add(new DeclareStatement(local, value));
        return local;
    }

    /// <summary>The expression itself where repeating it costs nothing, else a variable that holds it.</summary>
    public Expr Once(string name, Expr value) => value is ConstantExpr or LocalExpr or PositionExpr ? value : Let(name, value);

    /// <summary>The block that statements go to now.</summary>
    public object Block => _body;

    /// <summary>Whether variables declared in the block can be used now.</summary>
    public bool IsVisible(object block) => block == _body || _outer.Contains(block);

    public void Assign(LocalExpr local, Expr value) => _body.Add(new AssignStatement(local, Fold.Convert(value, local.Type)));

    public void Store(KernelArray array, Expr index, Expr value)
    {
        if (array is KernelBuffer { IsWritten: false }) throw new ArgumentException($"{array.Name} is only read");
        _body.Add(new StoreStatement(array, index, value.ToI32()));
    }

    public void If(Expr condition, Action yes, Action? no = null)
    {
        if (condition is ConstantExpr { Value: not 0 }) yes();
        else if (condition is ConstantExpr) no?.Invoke();
        else _body.Add(new IfStatement(condition, Inside(yes), no is null ? [] : Inside(no)));
    }

    /// <summary>Counts from <paramref name="from"/> while below <paramref name="to"/>. A loop of one round becomes its body.</summary>
    public void For(string counter, Expr from, Expr to, Action<Expr> body, int step = 1)
    {
        if (from is ConstantExpr first && to is ConstantExpr end && end.Value <= first.Value + step)
        {
            if (end.Value > first.Value) body(from);
            return;
        }
        var local = new LocalExpr(Unique(counter), ScalarType.I32);
        _body.Add(new ForStatement(local, from, to, step, Inside(() => body(local))));
    }

    public void While(Expr condition, Action body) => _body.Add(new WhileStatement(condition, Inside(body)));

    public void Barrier() => _body.Add(new BarrierStatement());

    public DeviceKernel Build(LaunchShape launch) => new(name, _buffers, _shared, launch, _body);

    private KernelBuffer Add(KernelBuffer buffer)
    {
        _buffers.Add(buffer);
        return buffer;
    }

    private List<Statement> Inside(Action write)
    {
        _outer.Push(_body);
        _body = [];
        write();
        var inner = _body;
        _body = _outer.Pop();
        return inner;
    }

    private string Unique(string name)
    {
        string unique = name;
        for (int i = 1; !_names.Add(unique); i++) unique = $"{name}_{i}";
        return unique;
    }
}
